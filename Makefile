# Two commands matter: `make demo` and `make test`. 常用：make demo（演示）、make test（全部检查）。
.DEFAULT_GOAL := help
.PHONY: help demo test check suite bench soak docs screenshots lock wheel audit clean setup setup-dev

PYTHON := .venv/bin/python
FOLDERS := src tests scripts bench conftest.py

help: ## this list 本列表
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

demo: setup ## build everything, make the demo town, serve it 建好演示镇并启动
	@.venv/bin/yiwang demo

test: ## everything: checks, both databases, browser journeys 全部检查与测试
	@scripts/test.sh

check: setup-dev ## style, types, architecture 格式、类型、分层
	@failed=0; \
	.venv/bin/ruff check $(FOLDERS) || failed=1; \
	.venv/bin/lint-imports --no-cache --no-logo || failed=1; \
	YIWANG_DATA=.cache/check .venv/bin/mypy $(FOLDERS) || failed=1; \
	exit $$failed

suite: setup-dev ## the tests on SQLite alone, while developing 只跑 SQLite 上的测试
	.venv/bin/pytest -n 2 --dist loadfile -q

bench: setup-dev ## measure speed, print a table with the machine's facts 测速
	@$(PYTHON) -m bench

soak: setup-dev ## kill, fill, lock, cut off under load, count what was told; about an hour 久跑
	@$(PYTHON) -m bench.soak

docs: setup-dev ## write the generated pages of docs/ 生成文档
	@$(PYTHON) scripts/make_docs.py

screenshots: setup-dev ## take the pictures of the READMEs anew 重拍 README 的截图
	@$(PYTHON) scripts/make_screenshots.py

lock: ## choose versions anew and write the three locks 更新锁定文件
	@scripts/lock.sh

wheel: setup-dev ## dist/*.whl with the static files inside, its bill of materials beside it 打包
	@$(PYTHON) scripts/build_front.py
	@$(PYTHON) -m build --wheel --no-isolation
	@$(PYTHON) scripts/sbom.py

audit: setup-dev ## known vulnerabilities of every locked package 查已知漏洞
	@$(PYTHON) scripts/audit.py

clean: ## remove what can be made again; data folders stay 清理（不动数据）
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache

setup:
	@scripts/setup run

setup-dev:
	@scripts/setup dev
